package dev.mixdown.transforms;

import dev.mixdown.storage.FileInfo;
import dev.mixdown.transforms.records.InspectionSpec;
import java.io.Serializable;

/**
 * A shard that the ledger does not know.
 *
 * @param file as it was listed
 * @param spec what is to be found in it
 */
public record ShardToInspect(FileInfo file, InspectionSpec spec) implements Serializable {}
