package dev.mixdown.transforms.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;

/**
 * A part as it was written.
 *
 * @param path seen from the manifest's folder
 * @param firstPosition of its first row
 * @param rows its samples
 * @param bytes of the file
 * @param sha256 of the file
 */
public record PartFile(
    String path,
    @JsonProperty("first_position") long firstPosition,
    long rows,
    long bytes,
    String sha256)
    implements Serializable {}
