package dev.salvo.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.Strictness;

/** JSON, read by somebody else's parser. */
final class Parsed {

    private Parsed() {}

    /** One object, and nothing but RFC 8259's syntax. */
    static JsonObject object(String text) {
        return new GsonBuilder().setStrictness(Strictness.STRICT).create().fromJson(text, JsonObject.class);
    }
}
