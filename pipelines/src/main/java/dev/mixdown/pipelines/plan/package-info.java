/** From counts to quotas: what a stage will give, and why. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.plan;
