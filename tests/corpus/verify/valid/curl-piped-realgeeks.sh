printf %s eyJpZCI6IjIwNzM4Iiwicm9sZSI6IkFnZW50IiwiYWRtaW4iOmZhbHNlLCJuYW1lIjoiWm/DqyBPJ0JyaWVuIiwiZW1haWwiOiJjb3Jpbm5lLmhhbGxvd2F5QGV4YW1wbGUuY29tIiwic2lnbmF0dXJlIjoiQ29yaW5uZSBIYWxsb3dheVxuV2luZHdhcmQgU2hvcmUgUmVhbHR5XG44MDgtNTU1LTAxMTkiLCJwaG9uZV9jb21wYW55IjoiODA4LTU1NS0wMTAwIiwicGhvbmVfb2ZmaWNlIjoiODA4LTU1NS0wMTA0IiwicGhvbmVfY2VsbCI6IjgwOC01NTUtMDExOSIsInBob25lX2hvbWUiOiI4MDgtNTU1LTAxODgifQ== | base64 -d | curl --data-binary @- \
  -H 'Host: hooks.example.com' \
  -H 'User-Agent: RealGeeks-LeadRouter/1.0' \
  -H 'Content-Type: application/json' \
  -H 'X-Lead-Router-Action: user_updated' \
  -H 'X-Lead-Router-Message-Id: 0b5fd1a2-6c3e-4d57-8f90-1a2b3c4d5e6f' \
  -H 'X-Lead-Router-Signature: da9c290ba52f1be1137ee483641aba59d4d3ef11d457370163f4c6dabdba8470' \
  https://hooks.example.com/hooks
