/** Dataset versions, found and compared. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.registry.versions;
