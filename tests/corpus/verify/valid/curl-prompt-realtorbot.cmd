curl ^"https://hooks.example.com/hooks^" ^
  -H ^"Host: hooks.example.com^" ^
  -H ^"Content-Type: application/json^" ^
  -H ^"x-realtorbot-signature: 8fc2c8231bda4756d0f1b419e48a53d5d89d0ac410a6d00acf47456f6a1ec4a4^" ^
  --data-raw ^"^{^\^"id^\^":^\^"evt_5kT1fV8mLa^\^",^\^"type^\^":^\^"lead.scored^\^",^\^"timestamp^\^":^\^"2026-01-13T02:06:10Z^\^",^\^"data^\^":^{^\^"leadId^\^":^\^"lead_k7Zq3Vn5^\^",^\^"score^\^":91,^\^"previousScore^\^":84,^\^"reasons^\^":^[^\^"showing_requested^\^",^\^"email_opened^\^"^]^}^}^"
