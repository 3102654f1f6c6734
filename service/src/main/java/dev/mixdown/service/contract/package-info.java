/** The operations that the platform's clients know. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.service.contract;
