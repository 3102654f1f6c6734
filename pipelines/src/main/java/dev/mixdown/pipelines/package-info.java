/** What a person runs. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines;
