package dev.mixdown.cli.completion;

import dev.mixdown.recipes.Algorithm;
import dev.mixdown.recipes.TaskType;
import dev.mixdown.registry.platform.JobStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The script that completes the command line: commands, options and fixed values stand in it, names
 * of a release repository it asks for ({@link CompleteCommand}).
 */
final class CompletionScript {
  private static final String FILES = "@files";

  /** What options take that name something in a release repository. */
  private static final Map<String, String> NAMES =
      Map.of(
          "--stage",
          "@stages",
          "--variant",
          "@variants",
          "--dataset",
          "@datasets",
          "--recipe",
          "@recipes " + FILES,
          "--task-type",
          String.join(" ", TaskType.words()),
          "--algorithm",
          String.join(" ", Algorithm.words()),
          "--status",
          String.join(" ", JobStatus.words()),
          "--config",
          "@configs " + FILES);

  private final List<String> commands = new ArrayList<>();
  private final List<String> options = new ArrayList<>();
  private final List<String> takes = new ArrayList<>();

  private CompletionScript() {}

  /** The script for a command line. */
  static String of(CommandLine commandLine) {
    CompletionScript script = new CompletionScript();
    script.add("", commandLine);
    try (InputStream in = CompletionScript.class.getResourceAsStream("completion.sh")) {
      if (in == null) {
        throw new IllegalStateException("completion.sh is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace("@COMMANDS@", String.join("\n", script.commands))
          .replace("@OPTIONS@", String.join("\n", script.options))
          .replace("@TAKES@", String.join("\n", script.takes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(String path, CommandLine command) {
    List<String> words = new ArrayList<>();
    command
        .getSubcommands()
        .forEach(
            (word, sub) -> {
              if (!sub.getCommandSpec().usageMessage().hidden()) {
                words.add(word);
                add(path.isEmpty() ? word : path + " " + word, sub);
              }
            });
    arm(commands, path, String.join(" ", words));
    List<String> names = new ArrayList<>();
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (!option.hidden()) {
        names.add(option.longestName());
        for (String name : option.names()) {
          arm(takes, path + " " + name, option.arity().max() == 0 ? "" : values(option, name));
        }
      }
    }
    arm(options, path, String.join(" ", names));
    arm(
        takes,
        path,
        command.getCommandSpec().positionalParameters().stream()
            .map(CompletionScript::values)
            .distinct()
            .collect(Collectors.joining(" ")));
  }

  /** An arm of a case; none where there is nothing to say. */
  private static void arm(List<String> arms, String pattern, String words) {
    if (!words.isEmpty()) {
      arms.add("    \"%s\") echo \"%s\" ;;".formatted(pattern, words));
    }
  }

  private static String values(OptionSpec option, String name) {
    return NAMES.getOrDefault(name, words(option));
  }

  private static String values(PositionalParamSpec argument) {
    String label = argument.paramLabel();
    if (label.equals("ID") || label.equals("ID|FILE") || label.equals("RECIPE")) {
      return "@recipes " + FILES;
    }
    if (!label.contains("STAGE")) {
      return words(argument);
    }
    return label.contains("FILE") ? "@stages " + FILES : "@stages";
  }

  /** The words that an argument may be; files where they are not known. */
  private static String words(ArgSpec argument) {
    Class<?> type = argument.type();
    return type.isEnum()
        ? Arrays.stream(type.getEnumConstants())
            .map(value -> value.toString().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" "))
        : FILES;
  }
}
