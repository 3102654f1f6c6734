/** Jobs, metrics and dataset versions of a platform's database become entries of the registry. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.registry.imports;
