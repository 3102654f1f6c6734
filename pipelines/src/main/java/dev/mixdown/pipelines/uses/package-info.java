/** What manifests use, as it lies beside them: found, made again, and read as sets. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.uses;
