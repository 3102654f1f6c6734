/** Readers of JSONL, CSV and Parquet, and the canonical encoding of a Parquet row. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.transforms.formats;
