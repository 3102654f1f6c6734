/** The manifests that have been prepared: which there are, and which are not needed any more. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.manifests;
