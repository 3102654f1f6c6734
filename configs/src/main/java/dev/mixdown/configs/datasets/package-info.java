/** What a stage trains on: dataset configs, their settings and their entries. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.configs.datasets;
