/** What comes out: parts of a manifest, and the records beside them. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.transforms.manifest;
