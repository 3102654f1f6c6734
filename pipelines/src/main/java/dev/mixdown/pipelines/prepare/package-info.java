/**
 * The main job: from a stage's config to its manifest. {@link
 * dev.mixdown.pipelines.prepare.Preparation} is the story; the two pipelines in it read shards and
 * place records.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.prepare;
