package dev.mixdown.recipes;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a model is trained. */
public enum Algorithm {
  SFT,
  DPO,
  GRPO,
  GSPO,
  PPO,
  PRETRAIN;

  /** As documents have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The algorithm of a word, in any case: databases have them in upper case. */
  public static Optional<Algorithm> of(String word) {
    return Arrays.stream(values()).filter(a -> a.word().equalsIgnoreCase(word)).findFirst();
  }

  /** All words. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Algorithm::word).toList();
  }

  /** Whether the model answers prompts while it is trained, several times each. */
  public boolean hasRollouts() {
    return this == GRPO || this == GSPO || this == PPO;
  }

  /** Whether answers are held against others to the same prompt. */
  public boolean comparesAnswers() {
    return this == GRPO || this == GSPO;
  }

  /** Whether a frozen copy of the model is kept beside it. */
  public boolean keepsReference() {
    return this == DPO || hasRollouts();
  }
}
