curl -X POST 'https://hooks.example.com/hooks' \
  -H 'Host: hooks.example.com' \
  -H 'Content-Type: application/json' \
  -H 'Authorization: eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJldmVudCI6ImxlYWQuY3JlYXRlZCIsImRhdGEiOnsiaWQiOjQ4MjkxMywidGl0bGUiOiJNcnMiLCJmdWxsX25hbWUiOiJNcnMgSW1vZ2VuIEhhcnR3ZWxsIiwiZW1haWwiOiJpbW9nZW4uaGFydHdlbGxAZXhhbXBsZS5jb20iLCJwaG9uZSI6IjA3NzAwOTAwMTQyIiwiYWRkcmVzcyI6IjE0IExhcmtzcHVyIEdhcmRlbnMsIEhlYWRpbmd0b24sIE94Zm9yZCIsInBvc3Rjb2RlIjoiT1gzIDlaWCIsInR5cGUiOiJsYW5kbG9yZCIsIm1lc3NhZ2UiOiJBIGxvZnQgKOKJiCDCozYwaykgJiBhIGdhcmRlbi4ifSwiaWF0IjoxNzY4NDc4NDAwfQ.9BoK3UeDFaU0mCGVf00sEmcOxa6XiuJLPT_tDTPs9fQ' \
  --data-raw '{"event":"lead.created","data":{"id":482913,"title":"Mrs","full_name":"Mrs Imogen Hartwell","email":"imogen.hartwell@example.com","phone":"07700900142","address":"14 Larkspur Gardens, Headington, Oxford","postcode":"OX3 9ZX","type":"landlord","message":"A loft (≈ £60k) & a garden."}}'
