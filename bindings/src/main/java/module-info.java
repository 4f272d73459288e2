/** What jextract made of the kernel's headers: structs and constants. See GENERATED.md. */
module dev.salvo.bindings {
    exports dev.salvo.bindings to dev.salvo.socket;
}
