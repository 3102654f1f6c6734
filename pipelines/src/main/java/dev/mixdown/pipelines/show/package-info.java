/** What is in a manifest, for people who look at it. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.show;
