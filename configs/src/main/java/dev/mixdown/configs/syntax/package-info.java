/**
 * JSON and YAML as one tree of values that know their places: read, asked for keys, changed in
 * place.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.configs.syntax;
