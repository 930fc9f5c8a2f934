// Prints each document on standard input again, once in each style that is named.
//
// A line in is one JSON text. A line out is the printed bytes in Base64, or `!` where
// the text cannot be read or printed. The first style comes first, with all documents.

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

public class Reserialise {
    private static final ObjectMapper JACKSON = new ObjectMapper();
    private static final Gson GSON = new Gson();
    private static final Gson GSON_PRETTY = new GsonBuilder().setPrettyPrinting().create();
    private static final Gson GSON_NULLS = new GsonBuilder().serializeNulls().create();
    private static final Gson GSON_PLAIN = new GsonBuilder().disableHtmlEscaping().create();

    public static void main(String[] codes) throws IOException {
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        List<String> documents = in.lines().collect(Collectors.toList());
        StringBuilder out = new StringBuilder();
        for (String code : codes) {
            for (String text : documents) {
                out.append(line(code, text)).append('\n');
            }
        }
        new PrintStream(System.out, true, StandardCharsets.UTF_8).print(out);
    }

    private static String line(String code, String text) throws IOException {
        try {
            return Base64.getEncoder().encodeToString(printed(code, text));
        } catch (JsonProcessingException | JsonParseException | IllegalArgumentException refused) {
            return "!";
        }
    }

    private static byte[] printed(String code, String text) throws IOException {
        switch (code) {
            case "java-jackson":
                return utf8(JACKSON.writeValueAsString(JACKSON.readTree(text)));
            case "java-jackson-bytes":
                return JACKSON.writeValueAsBytes(JACKSON.readTree(text));
            case "java-jackson-pretty":
                ObjectWriter pretty = JACKSON.writerWithDefaultPrettyPrinter();
                return utf8(pretty.writeValueAsString(JACKSON.readTree(text)));
            case "java-gson":
                return utf8(GSON.toJson(GSON.fromJson(text, JsonElement.class)));
            case "java-gson-pretty":
                return utf8(GSON_PRETTY.toJson(GSON.fromJson(text, JsonElement.class)));
            case "java-gson-nulls":
                return utf8(GSON_NULLS.toJson(GSON_NULLS.fromJson(text, JsonElement.class)));
            case "java-gson-plain":
                return utf8(GSON_PLAIN.toJson(GSON.fromJson(text, JsonElement.class)));
            default:
                throw new IllegalStateException("no such style: " + code);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
