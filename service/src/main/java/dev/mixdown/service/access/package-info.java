/** Who may do what. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.service.access;
