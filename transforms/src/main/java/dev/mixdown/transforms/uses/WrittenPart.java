package dev.mixdown.transforms.uses;

import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.manifests.Uses;
import java.io.Serializable;

/**
 * A part as it was written, and what it uses.
 *
 * @param uses its identities, in a file beside it
 */
public record WrittenPart(Manifest.Part part, Uses.Part uses) implements Serializable {}
