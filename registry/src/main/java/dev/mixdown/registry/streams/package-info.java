/** What an online stage's stream is: its documents, each read and written by one class. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.registry.streams;
