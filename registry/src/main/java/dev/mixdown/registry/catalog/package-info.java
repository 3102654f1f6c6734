/**
 * The catalog: a database over the registry's entries, in which questions are answered. It says
 * nothing that no entry says, and can be made again at any time.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.registry.catalog;
