package dev.mixdown.pipelines.init;

import dev.mixdown.configs.syntax.Json;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/**
 * The texts of a new release repository. JSON has no comments: keys that begin with x_ are notes.
 */
final class ReleaseText {
  private ReleaseText() {}

  /** The stage_config.yaml of one stage. */
  static String catalog(String stage, String config) {
    return """
    # The training stages, in the order of their priority. One stage is a good start; copy it for the next.
    #   mixdown plan %1$s --repo .                   shows what the mix gives
    #   mixdown prepare %1$s --repo . --output out   writes the manifest
    #   mixdown stage validate-config --repo .       checks all files
    stages:
      %1$s:
        name: %2$s
        config_file: %3$s
        priority: 1
        # When the trainer may come here by itself (mixdown stage check):
        # auto_switch_conditions:
        #   - epoch: 50
        #     condition: "pretraining_complete"

    default_stage: %1$s
    """
        .formatted(stage, text(stage), text(config));
  }

  /** The dataset config of a stage. */
  static String datasetConfig(String stage, List<DataLook> datasets) {
    List<String> settings = new ArrayList<>();
    if (datasets.size() > 1) {
      settings.add(
          note(
              "x_data_ratio",
              "the share of each dataset in the samples; the numbers need not add to 1. Without data_ratio every"
                  + " dataset gives all it has"));
      List<String> ratios = new ArrayList<>();
      for (int i = 0; i < datasets.size(); i++) {
        ratios.add(
            "        %s: %s".formatted(text(datasets.get(i).name()), share(i, datasets.size())));
      }
      settings.add("\"data_ratio\": {\n" + String.join(",\n", ratios) + "\n      }");
    }
    settings.addAll(categories(datasets));
    settings.add(
        note("x_total_clips", "\"total_clips\": 100000 asks for exactly this many samples"));
    List<String> entries = datasets.stream().map(ReleaseText::entry).toList();
    return """
    {
      "meta": {
        "stage": %s,
        "stage_config": {
          %s
        }
      },
      "x_dataset_index": "duplicate: how often each record may come; 2.5 is two whole passes and half a pass. enabled: false leaves a dataset out",
      "dataset_index": [
        %s
      ]
    }
    """
        .formatted(
            text(stage), String.join(",\n      ", settings), String.join(",\n    ", entries));
  }

  /** One of some equal shares, in thousandths that add to 1. */
  private static String share(int index, int count) {
    int whole = Math.max(1000, count * 10);
    int thousandths = whole / count + (index < whole % count ? 1 : 0);
    return BigDecimal.valueOf(thousandths)
        .divide(BigDecimal.valueOf(whole), MathContext.DECIMAL64)
        .toPlainString();
  }

  private static String entry(DataLook dataset) {
    String csv =
        dataset.delimiter() == ','
            ? ""
            : ", \"csv\": {\"delimiter\": %s}".formatted(text(String.valueOf(dataset.delimiter())));
    return "{\"name\": %s, \"obs_path\": %s, \"duplicate\": 1%s}"
        .formatted(text(dataset.name()), text(dataset.path()), csv);
  }

  /** How to mix by a field that all datasets have, where one could be a category. */
  private static List<String> categories(List<DataLook> datasets) {
    DataLook first = datasets.get(0);
    return first.fields().stream()
        .filter(field -> datasets.stream().allMatch(d -> d.categoryFields().contains(field.name())))
        .limit(1)
        .map(
            field -> {
              List<String> values = field.byFrequency();
              return note(
                  "x_category_field",
                  "to mix by the records' own field, say \"category_field\": %s, and as data_ratio for example {%s}"
                      .formatted(
                          text(field.name()),
                          String.join(
                              ", ", values.stream().limit(4).map(v -> text(v) + ": 1").toList())));
            })
        .toList();
  }

  private static String note(String key, String text) {
    return text(key) + ": " + text(text);
  }

  private static String text(String value) {
    return Json.line(Json.tree(value));
  }
}
