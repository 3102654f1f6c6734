/** What a part of a manifest uses: the identities of its samples, written beside it. Pure code. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.transforms.uses;
