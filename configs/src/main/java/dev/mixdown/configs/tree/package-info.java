/** JSON and YAML as one tree of values that know their places, and the problems found in it. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.configs.tree;
