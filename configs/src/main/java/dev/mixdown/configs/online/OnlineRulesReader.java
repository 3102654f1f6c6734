package dev.mixdown.configs.online;

import dev.mixdown.configs.online.OnlineRules.Keep;
import dev.mixdown.configs.online.OnlineRules.Replay;
import dev.mixdown.configs.online.OnlineRules.Shortage;
import dev.mixdown.configs.samples.SampleRules.HoldOut;
import dev.mixdown.configs.samples.SampleRules.Policy;
import dev.mixdown.configs.samples.SampleRulesReader;
import dev.mixdown.configs.syntax.Fields;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code online}. */
public final class OnlineRulesReader {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final BigDecimal USUAL_SHARE = new BigDecimal("0.05");
  private static final Duration SHORTEST_POLL = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofDays(366);
  private static final String NEWEST = "newest";

  private final Problems problems;

  public OnlineRulesReader(Problems problems) {
    this.problems = problems;
  }

  /**
   * Reads what a stage's config says; empty where it has no {@code online}.
   *
   * @param stage the fields of {@code stage_config}
   */
  public Optional<OnlineRules> read(Fields stage) {
    return stage.object("online").map(this::rules);
  }

  private OnlineRules rules(Fields fields) {
    OnlineRules usual = OnlineRules.DEFAULT;
    OnlineRules rules =
        new OnlineRules(
            fields.integer("increment_samples", 1, Long.MAX_VALUE),
            duration(fields, "max_wait", Duration.ZERO).orElse(usual.maxWait()),
            duration(fields, "settle", Duration.ZERO).orElse(usual.settle()),
            duration(fields, "poll", SHORTEST_POLL).orElse(usual.poll()),
            fields.choice("shortage", Shortage.words()).map(Shortage::of).orElse(usual.shortage()),
            fields.integer("max_debt", 1, Long.MAX_VALUE),
            surplus(fields),
            replay(fields),
            fields.integer("max_unread", 1, Long.MAX_VALUE),
            fields.object("hold_out").map(this::holdOut).orElse(HoldOut.NONE),
            fields
                .choice("keep", List.of(Keep.ALL.word(), Keep.NEEDED.word()))
                .map(word -> word.equals(Keep.ALL.word()) ? Keep.ALL : Keep.NEEDED)
                .orElse(usual.keep()));
    if (rules.maxDebt().isPresent() && rules.shortage() != Shortage.REDISTRIBUTE) {
      fields
          .node("max_debt")
          .ifPresent(
              n ->
                  problems.add(
                      n,
                      "max_debt is only for \"shortage\": \"redistribute\"; set that, or remove max_debt"));
    }
    fields.refuseOthers();
    return rules;
  }

  /** A length of time: {@code "500ms"}, {@code "10s"}, {@code "5m"}, {@code "2h"}; or seconds. */
  private Optional<Duration> duration(Fields fields, String key, Duration least) {
    Optional<Node> node = fields.node(key);
    Optional<Duration> duration = fields.scalar(key).flatMap(OnlineRulesReader::parse);
    if (node.isPresent()
        && duration.filter(d -> d.compareTo(least) >= 0 && d.compareTo(LONGEST) <= 0).isEmpty()) {
      problems.add(
          node.get(),
          "%s is %s; a length of time such as \"500ms\", \"10s\", \"5m\" or \"2h\" is expected%s"
              .formatted(
                  key,
                  node.get().kind(),
                  least.isZero() ? "" : ", of at least %d ms".formatted(least.toMillis())));
      return Optional.empty();
    }
    return duration;
  }

  /** What a text says of a length of time; empty where it says none. */
  public static Optional<Duration> parse(String text) {
    if (text.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ofDays(number);
        });
  }

  /** {@code keep}, or {@code newest: N}. */
  private Optional<Long> surplus(Fields fields) {
    Optional<Node> node = fields.node("surplus");
    if (node.isEmpty() || node.get().textValue().equals(Optional.of("keep"))) {
      return Optional.empty();
    }
    if (node.get() instanceof Node.Mapping mapping) {
      Fields surplus = Fields.of(mapping, problems);
      Optional<Long> newest = surplus.integer(NEWEST, 1, Long.MAX_VALUE);
      if (surplus.node(NEWEST).isEmpty()) {
        problems.add(mapping, "surplus names no number of records; write {\"newest\": N}");
      }
      surplus.refuseOthers();
      return newest;
    }
    Optional<Long> newest =
        node.get()
            .textValue()
            .filter(text -> text.matches("newest: ?[1-9]\\d{0,17}"))
            .map(text -> Long.parseLong(text.substring(text.indexOf(':') + 1).strip()));
    if (newest.isEmpty()) {
      problems.add(
          node.get(),
          "surplus is %s; \"keep\" or {\"newest\": N} is expected".formatted(node.get().kind()));
    }
    return newest;
  }

  private List<Replay> replay(Fields online) {
    List<Replay> replays = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    BigDecimal sum = BigDecimal.ZERO;
    for (Node node : online.list("replay")) {
      Fields fields = Fields.of(node, problems);
      Optional<String> from = fields.requiredText("from");
      BigDecimal share = fields.decimal("share").orElse(USUAL_SHARE);
      Optional<Long> window = fields.integer("window", 1, Long.MAX_VALUE);
      fields.refuseOthers();
      if (share.signum() <= 0 || share.compareTo(BigDecimal.ONE) >= 0) {
        fields
            .node("share")
            .ifPresent(
                n ->
                    problems.add(
                        n, "share is %s; it has to be above 0 and below 1".formatted(n.kind())));
      }
      sum = sum.add(share);
      from.filter(f -> !seen.add(f))
          .ifPresent(f -> problems.add(node, "replay names \"%s\" twice".formatted(f)));
      from.ifPresent(f -> replays.add(new Replay(node, f, share, window)));
    }
    if (replays.size() > 1 && sum.compareTo(BigDecimal.ONE) >= 0) {
      String all = sum.toPlainString();
      online
          .node("replay")
          .ifPresent(
              n ->
                  problems.add(
                      n,
                      "the shares of replay are %s together; they have to leave room for what arrives, below 1"
                          .formatted(all)));
    }
    return List.copyOf(replays);
  }

  private HoldOut holdOut(Fields fields) {
    Optional<Node> policy = fields.node("policy");
    HoldOut holdOut = new SampleRulesReader(problems).holdOut(fields);
    if (policy.isPresent() && holdOut.policy() != Policy.EXCLUDE) {
      problems.add(
          policy.get(),
          "a stream leaves held-out records out; set policy to \"exclude\", or remove it");
    }
    return new HoldOut(holdOut.auto(), holdOut.against(), Policy.EXCLUDE, holdOut.allowed());
  }
}
