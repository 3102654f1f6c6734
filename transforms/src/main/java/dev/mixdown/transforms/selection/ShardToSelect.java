package dev.mixdown.transforms.selection;

import java.io.Serializable;
import java.util.List;

/**
 * A shard whose records are selected.
 *
 * @param number the shard's, among those of its stage by dataset and fingerprint
 * @param dataset its dataset's number
 * @param precedence of its dataset: of records with one identity, the one with the lowest stays
 * @param index where its index lies
 * @param sorted where its records by identity lie ({@link SortedIdentities})
 * @param records that the index has, also those left out
 * @param selected where the index of the selected records goes
 * @param hashes where the hashes of its records lie ({@link RecordHashes}); empty where identities
 *     are such hashes
 * @param heldOut the records that are held out, by number
 */
public record ShardToSelect(
    int number,
    int dataset,
    int precedence,
    String index,
    List<String> sorted,
    int records,
    String selected,
    String hashes,
    int[] heldOut)
    implements Serializable {}
