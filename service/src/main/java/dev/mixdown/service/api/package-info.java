/** Mixdown's own operations. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.service.api;
