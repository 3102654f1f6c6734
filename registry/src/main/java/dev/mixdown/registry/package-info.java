/**
 * The registry: what was made of what, when and by whom, in files that are written once. What
 * people ask across time is answered from it.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.registry;
