/** The registry as tables that other tools read. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.export;
