/**
 * Goes on from a manifest with another mix, and proves that nothing is lost and nothing repeated.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.remix;
