/** What is shown of stages: status, switches, checks and the mix that another stage would have. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.stages;
