/** Which dataset version a training of the past used, as far as it can be found out. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.registry.matching;
