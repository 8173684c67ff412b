Console.WriteLine("clusterdns");
