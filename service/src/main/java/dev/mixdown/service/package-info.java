/** The service: HTTP for programs, and pages for people. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.service;
