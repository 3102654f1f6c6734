/** Makes what the archive has beside the jars. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.distribution;
