/**
 * What a stage does with samples that others gave: names become manifests, rules become a selection
 * of records, before the mix is decided.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.samples;
