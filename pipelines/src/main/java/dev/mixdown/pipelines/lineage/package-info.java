/** The commands on lineage. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.lineage;
