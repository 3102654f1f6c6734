/** Which stages there are and which one is active: stage_config.yaml and active_stage.yaml. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.configs.stages;
