/** Which stage is active, when another one is entered, and by whom. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.configs.switching;
