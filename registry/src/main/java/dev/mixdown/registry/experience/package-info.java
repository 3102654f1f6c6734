/** What past jobs teach: which recipe works, on which data, with which parameters. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.registry.experience;
