/**
 * Sets of identities: sorted runs in files, read by range, and digests that add up. Every question
 * about what manifests have in common is a merge of them. Pure code; the Beam transforms call it.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.transforms.identities;
