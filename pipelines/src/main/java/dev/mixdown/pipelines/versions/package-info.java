/** Dataset versions by hash, and the records that two of them share. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.versions;
