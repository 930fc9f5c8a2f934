// Prints the version of Java where Jackson and Gson are there, and fails to start elsewhere.

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.Gson;

public class Probe {
    public static void main(String[] arguments) {
        new ObjectMapper();
        new Gson();
        System.out.println(Runtime.version().feature());
    }
}
