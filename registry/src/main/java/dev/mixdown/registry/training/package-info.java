/** Training history: {@code training_info.json}, which lies beside a model's checkpoints. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.registry.training;
