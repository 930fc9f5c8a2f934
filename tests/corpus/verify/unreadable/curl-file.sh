curl https://hooks.example.com/ -H 'A: 1' -d @lead.json
