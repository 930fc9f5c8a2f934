fetch("https://hooks.example.com/hooks", {
  "headers": {"Host": "hooks.example.com", "User-Agent": "RealGeeks-LeadRouter/1.0", "Content-Type": "application/json", "X-Lead-Router-Action": "user_updated", "X-Lead-Router-Message-Id": "0b5fd1a2-6c3e-4d57-8f90-1a2b3c4d5e6f", "X-Lead-Router-Signature": "da9c290ba52f1be1137ee483641aba59d4d3ef11d457370163f4c6dabdba8470"},
  "body": "{\"id\":\"20738\",\"role\":\"Agent\",\"admin\":false,\"name\":\"Zo\u00eb O'Brien\",\"email\":\"corinne.halloway@example.com\",\"signature\":\"Corinne Halloway\\nWindward Shore Realty\\n808-555-0119\",\"phone_company\":\"808-555-0100\",\"phone_office\":\"808-555-0104\",\"phone_cell\":\"808-555-0119\",\"phone_home\":\"808-555-0188\"}",
  "method": "POST"
});
