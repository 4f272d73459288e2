package dev.salvo.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.Strictness;

/** JSON, read by an independent parser. */
public final class Parsed {

    private Parsed() {}

    /** Parses one object, strictly by RFC 8259. */
    public static JsonObject object(String text) {
        return new GsonBuilder().setStrictness(Strictness.STRICT).create().fromJson(text, JsonObject.class);
    }
}
