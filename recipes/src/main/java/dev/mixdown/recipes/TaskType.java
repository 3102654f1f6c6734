package dev.mixdown.recipes;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a recipe trains for. */
public enum TaskType {
  SFT,
  RLHF,
  DPO,
  GRPO,
  PRETRAIN,
  MATH_REASONING,
  GENERAL_CHAT,
  CREATIVE_WRITING,
  CODE_GENERATION;

  /** As documents have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The type of a word. */
  public static Optional<TaskType> of(String word) {
    return Arrays.stream(values()).filter(type -> type.word().equals(word)).findFirst();
  }

  /** All words. */
  public static List<String> words() {
    return Arrays.stream(values()).map(TaskType::word).toList();
  }
}
