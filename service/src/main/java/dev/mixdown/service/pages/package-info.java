/** Pages for people. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.service.pages;
