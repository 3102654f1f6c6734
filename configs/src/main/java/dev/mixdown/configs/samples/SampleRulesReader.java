package dev.mixdown.configs.samples;

import dev.mixdown.configs.samples.SampleRules.Allowed;
import dev.mixdown.configs.samples.SampleRules.Content;
import dev.mixdown.configs.samples.SampleRules.Continue;
import dev.mixdown.configs.samples.SampleRules.HoldOut;
import dev.mixdown.configs.samples.SampleRules.Policy;
import dev.mixdown.configs.samples.SampleRules.Replay;
import dev.mixdown.configs.samples.SampleRules.Source;
import dev.mixdown.configs.syntax.Fields;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Reads {@code samples}, and {@code content_fields} and {@code normalise} beside it or in it. */
public final class SampleRulesReader {
  private final Problems problems;

  public SampleRulesReader(Problems problems) {
    this.problems = problems;
  }

  /**
   * Reads what a stage's config says.
   *
   * @param stage the fields of {@code stage_config}
   */
  public SampleRules read(Fields stage) {
    Optional<Fields> samples = stage.object("samples");
    Content content = content(stage, samples);
    if (samples.isEmpty()) {
      return new SampleRules(Optional.empty(), List.of(), List.of(), HoldOut.NONE, content);
    }
    Fields fields = samples.get();
    SampleRules rules =
        new SampleRules(
            fields.object("continue").flatMap(this::continued),
            exclude(fields),
            replay(fields),
            fields.object("hold_out").map(this::holdOut).orElse(HoldOut.NONE),
            content);
    fields.refuseOthers();
    return rules;
  }

  private Content content(Fields stage, Optional<Fields> samples) {
    List<String> fields = contentFields(stage);
    boolean normalise = stage.bool("normalise").orElse(false);
    if (samples.isPresent()) {
      List<String> inside = contentFields(samples.get());
      if (!fields.isEmpty() && !inside.isEmpty() && !fields.equals(inside)) {
        stage
            .node("content_fields")
            .ifPresent(
                n ->
                    problems.add(
                        n, "content_fields says something else in samples; keep one of them"));
      }
      fields = inside.isEmpty() ? fields : inside;
      normalise |= samples.get().bool("normalise").orElse(false);
    }
    return new Content(fields, normalise);
  }

  private List<String> contentFields(Fields fields) {
    List<String> names = fields.texts("content_fields");
    if (new HashSet<>(names).size() < names.size()) {
      fields
          .node("content_fields")
          .ifPresent(n -> problems.add(n, "content_fields names a field twice"));
    }
    return names.stream().distinct().sorted().toList();
  }

  private Optional<Continue> continued(Fields fields) {
    Optional<Long> consumed = fields.integer("consumed", 0, Long.MAX_VALUE);
    Optional<Source> source = source(fields, Source.Kind.MANIFEST, Source.Kind.STAGE);
    fields.refuseOthers();
    return source.map(s -> new Continue(s, consumed));
  }

  private List<Source> exclude(Fields samples) {
    List<Source> sources = new ArrayList<>();
    for (Node node : samples.list("exclude")) {
      Fields fields = Fields.of(node, problems);
      source(fields, Source.Kind.STAGE, Source.Kind.MANIFEST).ifPresent(sources::add);
      fields.refuseOthers();
    }
    refuseTwice(sources, "exclude");
    return sources;
  }

  private List<Replay> replay(Fields samples) {
    List<Replay> replays = new ArrayList<>();
    BigDecimal sum = BigDecimal.ZERO;
    for (Node node : samples.list("replay")) {
      Fields fields = Fields.of(node, problems);
      Optional<Source> source = source(fields, Source.Kind.STAGE, Source.Kind.MANIFEST);
      Optional<BigDecimal> share = fields.required("share").flatMap(n -> fields.decimal("share"));
      boolean onlyConsumed = fields.bool("only_consumed").orElse(false);
      share
          .filter(s -> s.signum() <= 0 || s.compareTo(BigDecimal.ONE) >= 0)
          .flatMap(s -> fields.node("share"))
          .ifPresent(
              n -> problems.add(n, "share is " + n.kind() + "; it has to be above 0 and below 1"));
      fields.refuseOthers();
      if (source.isPresent() && share.isPresent()) {
        sum = sum.add(share.get());
        replays.add(new Replay(source.get(), share.get(), onlyConsumed));
      }
    }
    if (sum.compareTo(BigDecimal.ONE) >= 0 && replays.size() > 1) {
      String all = sum.toPlainString();
      samples
          .node("replay")
          .ifPresent(
              n ->
                  problems.add(
                      n,
                      "the shares of replay are %s together; they have to leave room for the stage's own data, below 1"
                          .formatted(all)));
    }
    refuseTwice(replays.stream().map(Replay::source).toList(), "replay");
    return replays;
  }

  /** Reads what must not be trained on. */
  public HoldOut holdOut(Fields fields) {
    List<Source> against = new ArrayList<>();
    for (Node node : fields.list("against")) {
      Fields one = Fields.of(node, problems);
      source(one, Source.Kind.STAGE, Source.Kind.MANIFEST, Source.Kind.DATASET)
          .ifPresent(against::add);
      one.refuseOthers();
    }
    refuseTwice(against, "against");
    Policy policy =
        fields
            .choice("policy", Arrays.stream(Policy.values()).map(Policy::word).toList())
            .flatMap(
                word ->
                    Arrays.stream(Policy.values()).filter(p -> p.word().equals(word)).findFirst())
            .orElse(Policy.FAIL);
    List<Allowed> allowed = new ArrayList<>();
    for (Node node : fields.list("allow")) {
      Fields one = Fields.of(node, problems);
      Optional<Long> identity = one.requiredText("identity").flatMap(t -> identity(one, t));
      Optional<String> reason = one.requiredText("reason");
      one.refuseOthers();
      if (identity.isPresent() && reason.isPresent()) {
        allowed.add(new Allowed(identity.get(), reason.get()));
      }
    }
    HoldOut holdOut =
        new HoldOut(fields.bool("auto").orElse(false), against, policy, List.copyOf(allowed));
    fields.refuseOthers();
    return holdOut;
  }

  private Optional<Long> identity(Fields fields, String text) {
    if (text.matches("[0-9a-fA-F]{16}")) {
      return Optional.of(Long.parseUnsignedLong(text, 16));
    }
    fields
        .node("identity")
        .ifPresent(
            n ->
                problems.add(
                    n,
                    "identity is %s; 16 hexadecimal digits are expected, as mixdown leaks shows them"
                        .formatted(n.kind())));
    return Optional.empty();
  }

  /** The one source that an object names. */
  private Optional<Source> source(Fields fields, Source.Kind... kinds) {
    List<Source> named = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    for (Source.Kind kind : kinds) {
      keys.add("\"" + kind.key() + "\"");
      fields
          .text(kind.key())
          .ifPresent(
              name ->
                  named.add(
                      new Source(fields.node(kind.key()).orElse(fields.mapping()), kind, name)));
    }
    if (named.size() == 1) {
      return Optional.of(named.get(0));
    }
    problems.add(
        fields.mapping(),
        named.isEmpty()
            ? "it names nothing; say one of " + String.join(", ", keys)
            : "it names more than one of " + String.join(", ", keys) + "; keep one of them");
    return Optional.empty();
  }

  private void refuseTwice(List<Source> sources, String key) {
    List<String> seen = new ArrayList<>();
    for (Source source : sources) {
      if (seen.contains(source.toString())) {
        problems.add(source.node(), "%s names %s twice".formatted(key, source));
      }
      seen.add(source.toString());
    }
  }
}
