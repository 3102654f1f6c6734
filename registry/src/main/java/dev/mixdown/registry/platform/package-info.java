/**
 * The training platform's database: its tables, reading what others wrote into them, and bringing
 * an older one up to date.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.registry.platform;
