package dev.mixdown.cli;

import dev.mixdown.cli.backfill.BackfillCommand;
import dev.mixdown.cli.catalog.CatalogCommands;
import dev.mixdown.cli.completion.CompleteCommand;
import dev.mixdown.cli.completion.GenerateCompletionCommand;
import dev.mixdown.cli.diff.DiffCommand;
import dev.mixdown.cli.experience.ExperienceCommands;
import dev.mixdown.cli.init.InitCommand;
import dev.mixdown.cli.jobs.JobsCommands;
import dev.mixdown.cli.lineage.LineageCommand;
import dev.mixdown.cli.manifests.ExplainCommand;
import dev.mixdown.cli.manifests.InspectCommand;
import dev.mixdown.cli.manifests.ManifestsCommands;
import dev.mixdown.cli.manifests.PlanCommand;
import dev.mixdown.cli.manifests.PrepareCommand;
import dev.mixdown.cli.manifests.RemixCommand;
import dev.mixdown.cli.manifests.ShowCommand;
import dev.mixdown.cli.manifests.StatsCommand;
import dev.mixdown.cli.manifests.VerifyCommand;
import dev.mixdown.cli.online.OnlineCommands;
import dev.mixdown.cli.output.Failures;
import dev.mixdown.cli.output.RootCommand;
import dev.mixdown.cli.output.TerminalText;
import dev.mixdown.cli.recipes.RecipesCommands;
import dev.mixdown.cli.registry.RegistryCommands;
import dev.mixdown.cli.samples.ExposureCommand;
import dev.mixdown.cli.samples.LeaksCommand;
import dev.mixdown.cli.serve.ServeCommand;
import dev.mixdown.cli.settings.SettingsCommand;
import dev.mixdown.cli.stages.StageCommands;
import dev.mixdown.cli.training.TrainingCommands;
import dev.mixdown.cli.versions.VersionsCommands;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.Failure;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.Version;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The command {@code mixdown}. */
@Command(
    name = "mixdown",
    mixinStandardHelpOptions = true,
    versionProvider = Mixdown.VersionText.class,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Prepares the data before each training stage: from a release repository to an exact,"
            + " ordered, reproducible list of samples.",
    footer = {
      "",
      "Exit codes: 0 done, 1 failed, 2 bad usage or config, 3 bad data.",
      "Start with:  mixdown init DIR --data FILE|FOLDER..., or with --example for two small datasets"
    },
    subcommands = {
      InitCommand.class,
      PlanCommand.class,
      PrepareCommand.class,
      ShowCommand.class,
      StatsCommand.class,
      ManifestsCommands.class,
      InspectCommand.class,
      VerifyCommand.class,
      RemixCommand.class,
      LeaksCommand.class,
      ExposureCommand.class,
      ExplainCommand.class,
      StageCommands.class,
      OnlineCommands.class,
      VersionsCommands.class,
      LineageCommand.class,
      RecipesCommands.class,
      DiffCommand.class,
      JobsCommands.class,
      ExperienceCommands.class,
      CatalogCommands.class,
      RegistryCommands.class,
      TrainingCommands.class,
      BackfillCommand.class,
      ServeCommand.class,
      SettingsCommand.class,
      GenerateCompletionCommand.class,
      CompleteCommand.class,
      HelpCommand.class
    })
public final class Mixdown extends RootCommand {
  private static final Pattern PAIR =
      Pattern.compile(
          "^Value for option option '(.*?)' \\((.*?)\\) should be in KEY=VALUE format but was (.*)$",
          Pattern.DOTALL);

  Mixdown(Settings settings, List<String> beamOptions) {
    super(settings, beamOptions);
  }

  /** The whole command line, for those who describe it: help pages and completion. */
  public static CommandLine describedCommandLine() {
    return new CommandLine(new Mixdown(Settings.of(Map.of()), List.of()));
  }

  /** The version's text. */
  static final class VersionText implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "mixdown " + Version.mixdown() + Version.commit().map(c -> " (commit " + c + ")").orElse("")
      };
    }
  }

  /** Runs a command line and ends the process with its exit code. */
  public static void main(String[] args) {
    // Names of files and what programs read do not depend on the reader's language.
    Locale.setDefault(Locale.ROOT);
    StandardOutput standard = new StandardOutput(new FileOutputStream(FileDescriptor.out));
    PrintWriter out = new PrintWriter(standard, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code;
    try {
      code = execute(System.getenv(), out, err, args);
    } catch (OutOfMemoryError e) {
      err.println("mixdown: failed");
      err.println("  " + Failure.OUT_OF_MEMORY);
      code = Failure.FAILED;
    } catch (UnsatisfiedLinkError e) {
      err.println("mixdown: failed");
      err.println("  " + Failures.noNativeLibrary(e));
      code = Failure.FAILED;
    }
    out.flush();
    Optional<String> lost = standard.lost();
    if (lost.isPresent()) {
      err.println("mixdown: cannot write to standard output (" + lost.get() + ")");
      code = Failure.FAILED;
    }
    System.exit(code);
  }

  /** Says what is wrong in a line or two; the whole help is there for those who ask. */
  private static int badUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("mixdown: " + inOurWords(String.valueOf(e.getMessage())));
    Optional<String> ours = OtherNames.command(e);
    if (ours.isPresent()) {
      err.println("Did you mean: mixdown " + ours.get() + "?");
    } else {
      CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
    }
    err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
    err.flush();
    if (Arrays.asList(args).contains("--json")) {
      command
          .getOut()
          .println(Json.text(Failures.badUsage(inOurWords(String.valueOf(e.getMessage())))));
    } else if (command.getCommandName().equals("resolve")) {
      // Inside $( ) the exit code is lost: this makes the eval around it fail.
      command.getOut().println("false");
    }
    return Failure.BAD_CONFIG;
  }

  /**
   * A value that lacks its name or its text gets a message about the option, and not about
   * picocli's form.
   */
  private static String inOurWords(String message) {
    return PAIR.matcher(message).replaceFirst("$1 is \"$3\"; $2 is expected");
  }

  /**
   * Runs a command line.
   *
   * @param environment the process's variables
   * @param args as typed; what follows {@code --} are Beam's own options
   * @return the exit code
   */
  public static int execute(
      Map<String, String> environment, PrintWriter out, PrintWriter err, String... args) {
    List<String> all = Arrays.asList(args);
    int split = all.indexOf("--");
    List<String> ours = split < 0 ? all : all.subList(0, split);
    List<String> beam = split < 0 ? List.of() : all.subList(split + 1, all.size());
    Settings settings;
    try {
      settings = Settings.of(environment);
    } catch (IllegalArgumentException e) {
      err.println("mixdown: " + e.getMessage());
      if (ours.contains("--json")) {
        out.println(Json.text(Failures.badUsage(String.valueOf(e.getMessage()))));
      }
      return Failure.BAD_CONFIG;
    }
    try (settings) {
      return execute(new Mixdown(settings, beam), out, err, ours);
    }
  }

  private static int execute(Mixdown mixdown, PrintWriter out, PrintWriter err, List<String> args) {
    CommandLine commandLine = new CommandLine(mixdown);
    PrintWriter shown = new PrintWriter(new VisibleText(out), false);
    commandLine.setOut(shown);
    commandLine.setErr(new PrintWriter(new VisibleText(err), true));
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setUsageHelpWidth(Math.max(60, Math.min(100, TerminalText.width())));
    commandLine.setExecutionExceptionHandler(new Failures());
    commandLine.setParameterExceptionHandler(Mixdown::badUsage);
    int code = commandLine.execute(args.toArray(String[]::new));
    shown.flush();
    return code;
  }
}
