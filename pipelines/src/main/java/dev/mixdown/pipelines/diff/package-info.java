/** What can be compared: configs, recipes and manifests. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.diff;
